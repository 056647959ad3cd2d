'use client';

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const TICK_MS = 15_000;
const NowContext = createContext(0);

/** Keeps relative times true; `initial` is the server's time, so that both sides first render the same words. */
export function NowProvider({ initial, children }: { initial: number; children: ReactNode }) {
  const [now, setNow] = useState(initial);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

export function useNow(): number {
  return useContext(NowContext);
}
