/** The estimated remaining time, such as "about 40 s left"; empty before it can be estimated. */
export function describeTimeLeft(elapsedMs: number, done: number, total: number): string {
  if (done <= 0 || done >= total || elapsedMs <= 0) return '';
  const seconds = Math.ceil(((elapsedMs / done) * (total - done)) / 1000);
  if (seconds < 120) return `about ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}
