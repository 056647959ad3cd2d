import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerKey, type OrderScreen } from './order-keys.ts';

const orders = Array.from({ length: 12 }, (_, n) => `ORDER${n}`);

/** One press: the key, the time since the last one, and how long the server and the browser take with what it asks for. */
const presses = fc.array(
  fc.record({
    key: fc.constantFrom('j', 'k', 'a', 'n', 'u', 'Enter'),
    after: fc.integer({ min: 0, max: 900 }),
    latency: fc.constantFrom(0, 200, 600, 1500),
    hydration: fc.constantFrom(0, 50, 300),
  }),
  { minLength: 5, maxLength: 60 },
);

/** A console whose transport is scripted. Its moves and answers are those of `open-order.tsx`; its keys are answered by `answerKey`. */
class ScriptedConsole {
  #now = 0;
  #at = 0;
  #due: { at: number; run: () => void }[] = [];
  #held: { order: string; key: string }[] = [];
  readonly #screen: OrderScreen = { asked: null, painted: null, alive: null };
  /** The order whose controls are mounted, also while it is hidden behind the outline of another one. */
  #mounted: string | null = null;
  readonly acted: { order: string; seen: string | null; asked: string | null }[] = [];
  readonly words: string[] = [];
  effects = 0;

  press({ key, latency, hydration }: { key: string; latency: number; hydration: number }): void {
    if (key === 'j' || key === 'k') this.#move(key === 'j' ? 1 : -1, latency, hydration);
    else if (key === 'Enter') this.#open(this.#at, latency, hydration);
    else this.#act(key);
  }

  wait(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#due.sort((one, other) => one.at - other.at)[0];
      if (!next || next.at > end) break;
      this.#due.shift();
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }

  #move(step: number, latency: number, hydration: number): void {
    this.#at = Math.min(orders.length - 1, Math.max(0, this.#at + step));
    this.#open(this.#at, latency, hydration);
  }

  #open(index: number, latency: number, hydration: number): void {
    const order = orders[index] ?? null;
    this.effects += 1;
    if (order === this.#screen.asked) return;
    for (const { key } of this.#held.splice(0)) this.words.push(`${key}: left before it was ready`);
    this.#screen.asked = order;
    this.#screen.painted = this.#mounted === order ? order : null;
    this.#due.push({ at: this.#now + latency, run: () => this.#arrive(order, hydration) });
  }

  #arrive(order: string | null, hydration: number): void {
    this.#mounted = null;
    this.#screen.alive = null;
    this.#screen.painted = order === this.#screen.asked ? order : null;
    this.#due.push({ at: this.#now + hydration, run: () => this.#comeAlive(order) });
  }

  #comeAlive(order: string | null): void {
    if (this.#screen.painted !== order) return;
    this.#mounted = order;
    this.#screen.alive = order;
    for (const { order: of, key } of this.#held.splice(0)) if (of === order) this.#act(key);
  }

  #act(key: string): void {
    const answer = answerKey(this.#screen, { label: key, of: this.#mounted });
    if (answer.kind === 'refuse') this.words.push(answer.reason);
    else if (answer.kind === 'hold') this.#held.push({ order: this.#screen.asked ?? '', key });
    else
      this.acted.push({ order: this.#mounted ?? '', seen: this.#screen.painted, asked: this.#screen.asked });
  }

  get handled(): number {
    return this.effects + this.words.length + this.acted.length + this.#held.length;
  }
}

test('in 500 random sequences no key acts on another order than the one shown, and none is without effect or word', () => {
  let acted = 0;
  fc.assert(
    fc.property(presses, (sequence) => {
      const scripted = new ScriptedConsole();
      for (const press of sequence) {
        scripted.wait(press.after);
        const before = scripted.handled;
        scripted.press(press);
        expect(scripted.handled).toBeGreaterThan(before);
      }
      scripted.wait(5000);
      for (const { order, seen, asked } of scripted.acted) expect([seen, asked]).toEqual([order, order]);
      acted += scripted.acted.length;
    }),
    { numRuns: 500 },
  );
  expect(acted).toBeGreaterThan(500);
});

test('a key after j does not act on the order that was left, and says so', () => {
  const screen = { asked: 'NEXT', painted: null, alive: 'LEFT' };
  expect(answerKey(screen, { label: 'Decide as suggested', of: 'LEFT' })).toEqual({
    kind: 'refuse',
    reason: 'Order NEXT is still loading. Nothing was done.',
  });
});

test('a key on an order that is painted but not alive yet is held', () => {
  const screen = { asked: 'NEXT', painted: 'NEXT', alive: null };
  expect(answerKey(screen, { label: 'No refund', of: null })).toEqual({ kind: 'hold' });
});

test('a key that the order on the screen does not offer says so', () => {
  const screen = { asked: 'ONE', painted: 'ONE', alive: 'ONE' };
  expect(answerKey(screen, { label: 'Undo', of: null })).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('Undo'),
  });
  expect(answerKey({ asked: null, painted: null, alive: null }, { label: 'Undo', of: null })).toEqual({
    kind: 'refuse',
    reason: 'Open an order first.',
  });
});
