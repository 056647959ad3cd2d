'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useAction } from '#app/_data/actions.ts';
import type { ActionResult } from '#lib/auth/index.ts';

/** `useAction` for a step on an order; the queue is fetched again. `run` returns whether it succeeded. */
export function useStep() {
  const { run, pending, failure } = useAction();
  const client = useQueryClient();

  async function step(action: () => Promise<ActionResult<unknown>>): Promise<boolean> {
    const done = await run(action);
    void client.invalidateQueries({ queryKey: ['queue'] });
    void client.invalidateQueries({ queryKey: ['summary'] });
    return done !== undefined;
  }

  return { run: step, pending, failure };
}
