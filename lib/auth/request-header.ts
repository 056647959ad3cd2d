/** The header in which our handler tells the auth library's hooks which request it is; a client's own is overwritten. */
export const REQUEST_HEADER = 'x-request-id';
