/** How much of a whole: an empty, half or full circle. */
export function ShareMark({ share }: { share: 'none' | 'partial' | 'full' }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className="size-3 shrink-0">
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      {share === 'partial' && <path d="M6 1.25a4.75 4.75 0 0 0 0 9.5Z" fill="currentColor" />}
      {share === 'full' && <circle cx="6" cy="6" r="4.75" fill="currentColor" />}
    </svg>
  );
}
