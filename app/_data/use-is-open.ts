'use client';

import { useEffect, useRef } from 'react';

/** Asks whether the calling part is still on the screen. */
export function useIsOpen(): () => boolean {
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  return () => open.current;
}
