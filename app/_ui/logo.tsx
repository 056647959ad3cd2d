/** The logo: a friendly ghost. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M16 6a8 8 0 0 0-8 8v11.2c0 .7.8 1 1.3.6l2-1.7 2.2 1.9c.3.3.7.3 1 0l1.5-1.3 1.5 1.3c.3.3.7.3 1 0l2.2-1.9 2 1.7c.5.4 1.3.1 1.3-.6V14a8 8 0 0 0-8-8Z"
        className="fill-accent-ink"
      />
      <circle cx="13" cy="14" r="1.6" className="fill-accent" />
      <circle cx="19" cy="14" r="1.6" className="fill-accent" />
    </svg>
  );
}
