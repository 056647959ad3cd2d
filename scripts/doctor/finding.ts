/** What one check found; `detail` says what is the case and, unless it is ok, what to do. */
export type Finding = { name: string; level: 'ok' | 'warn' | 'fail'; detail: string };

export const ok = (name: string, detail: string): Finding => ({ name, level: 'ok', detail });
export const warn = (name: string, detail: string): Finding => ({ name, level: 'warn', detail });
export const fail = (name: string, detail: string): Finding => ({ name, level: 'fail', detail });
