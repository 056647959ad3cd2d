'use client';

import { createContext, type ReactNode, use, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { matchesKeys } from './match-keys.ts';

/**
 * A key and what it does; `group` and `label` are what the list of keys and the palette show. A key with Ctrl also
 * counts while a person types, but where it has a `place` in no field outside of that.
 */
export type Shortcut = {
  keys: string;
  group: string;
  label: string;
  run(): void;
  place?: () => HTMLElement | null;
};

type Source = () => readonly Shortcut[];
type Registry = {
  add(source: Source): () => void;
  /** The parts of the screen that offer keys, the newest last; another array after every change. */
  sources(): readonly Source[];
  subscribe(listener: () => void): () => void;
};

const RegistryContext = createContext<Registry | undefined>(undefined);

/**
 * Hears the keys for everything in it. No plain key fires while a person types, none while a dialog or menu is
 * open; Esc leaves the field that one types into.
 */
export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(createRegistry);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]')) return;
      const field = fieldOf(event.target);
      if (field && event.key === 'Escape') return field.blur();
      const shortcut = listShortcuts(registry.sources()).findLast(({ keys }) => matchesKeys(event, keys));
      if (!shortcut || (field && !countsIn(field, shortcut))) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [registry]);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

/** Offers these shortcuts for as long as the calling part is on the screen. */
export function useShortcuts(shortcuts: readonly Shortcut[]) {
  const registry = useRegistry();
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => registry.add(() => latest.current), [registry]);
}

/** The shortcuts of everything that is on the screen now. */
export function useOfferedShortcuts(): Shortcut[] {
  const { subscribe, sources } = useRegistry();
  return listShortcuts(useSyncExternalStore(subscribe, sources, sources));
}

function useRegistry(): Registry {
  const registry = use(RegistryContext);
  if (!registry) throw new Error('useShortcuts outside of ShortcutsProvider');
  return registry;
}

function createRegistry(): Registry {
  let sources: readonly Source[] = [];
  const listeners = new Set<() => void>();
  function change(next: readonly Source[]) {
    sources = next;
    for (const listener of listeners) listener();
  }
  return {
    add(source) {
      change([...sources, source]);
      return () => change(sources.filter((one) => one !== source));
    },
    sources: () => sources,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function listShortcuts(sources: readonly Source[]): Shortcut[] {
  return sources.flatMap((source) => source());
}

function countsIn(field: HTMLElement, { keys, place }: Shortcut): boolean {
  return keys.startsWith('mod+') && (!place || Boolean(place()?.contains(field)));
}

/** The field that a person is typing into. */
function fieldOf(target: EventTarget | null): HTMLElement | null {
  const fields = 'input:not([type="radio"], [type="checkbox"], [type="range"]), textarea, select';
  return target instanceof HTMLElement && target.matches(fields) ? target : null;
}
