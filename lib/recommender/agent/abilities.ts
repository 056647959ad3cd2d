/** What is asked of a server beyond words: tools, an answer held to a JSON schema, a temperature and a length. */
export type Abilities = { tools: boolean; schema: boolean; limits: boolean };

const ladder: readonly Abilities[] = [
  { tools: true, schema: true, limits: true },
  { tools: true, schema: true, limits: false },
  { tools: true, schema: false, limits: false },
  { tools: false, schema: false, limits: false },
];

/** Where on the ladder a server stands, found out by what it rejects and kept for the requests after. */
export class AbilityLadder {
  private known = 0;
  private proven = false;

  get step(): number {
    return this.known;
  }

  /** Whether the server has ever replied as a chat server does; before that, whatever it says is about itself, not an order. */
  get isProven(): boolean {
    return this.proven;
  }

  at(step: number): Abilities | undefined {
    return ladder[step];
  }

  /** The server took a request of this step, so no later one needs to ask for more. */
  settle(step: number): void {
    this.known = Math.max(this.known, step);
    this.proven = true;
  }
}
