const DAY_MS = 86_400_000;
/** A day further back stays in the default partition: times that no clock showed must not make any number of tables. */
const OLDEST_DAYS = 10 * 366;
/** Partitions that one batch makes at most, the newest days first; each is a handful of locks until it commits. */
const MOST = 64;

/** The UTC days in which the events of a batch lie. */
export class PartitionDays {
  readonly #days = new Set<number>();

  add(epochMs: number): void {
    this.#days.add(Math.floor(epochMs / DAY_MS));
  }

  /** The days that get a partition of their own, as "YYYY-MM-DD", by the clock of `now`. */
  believed(now: Date): string[] {
    const oldest = Math.floor(now.getTime() / DAY_MS) - OLDEST_DAYS;
    return [...this.#days]
      .filter((day) => day >= oldest)
      .sort((a, b) => b - a)
      .slice(0, MOST)
      .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
  }
}
