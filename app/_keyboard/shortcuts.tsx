'use client';

import {
  createContext,
  type ReactNode,
  use,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { matchesKeys } from './keys.tsx';

/**
 * A key and what it does; the list of shortcuts and the command palette show `group` and `label`. A shortcut with Ctrl
 * also works while a person types; if it has a `scope`, only in fields inside that.
 */
export type Shortcut = {
  keys: string;
  group: string;
  label: string;
  run(): void;
  scope?: () => HTMLElement | null;
  /** Runs only where no other shortcut has the key; it is not listed. */
  isFallback?: boolean;
};

type Source = () => readonly Shortcut[];
type Registry = {
  add(source: Source): () => void;
  /** Of each component with shortcuts, the newest last; a new array after every change. */
  sources(): readonly Source[];
  subscribe(listener: () => void): () => void;
};

const RegistryContext = createContext<Registry | undefined>(undefined);

/**
 * Handles the shortcuts of everything inside. While a person types, only shortcuts with Ctrl work; while a dialog or
 * menu is open, none do. Esc leaves the focused field.
 */
export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(createRegistry);
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]')) return;
      const field = fieldOf(event.target);
      if (field && event.key === 'Escape') return field.blur();
      const matching = listShortcuts(registry.sources()).filter(({ keys }) => matchesKeys(event, keys));
      const shortcut = matching.findLast(({ isFallback }) => !isFallback) ?? matching.at(-1);
      if (!shortcut || (field && !worksIn(field, shortcut))) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [registry]);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

/** Registers these shortcuts while the calling component is mounted. */
export function useShortcuts(shortcuts: readonly Shortcut[]) {
  const registry = useRegistry();
  const latest = useRef(shortcuts);
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  useLayoutEffect(() => registry.add(() => latest.current), [registry]);
}

/** The shortcuts of all mounted components. */
export function useActiveShortcuts(): Shortcut[] {
  const { subscribe, sources } = useRegistry();
  return listShortcuts(useSyncExternalStore(subscribe, sources, sources)).filter(
    ({ isFallback }) => !isFallback,
  );
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

function worksIn(field: HTMLElement, { keys, scope }: Shortcut): boolean {
  return keys.startsWith('mod+') && (!scope || Boolean(scope()?.contains(field)));
}

/** The field that has the focus, if a person can type into it. */
function fieldOf(target: EventTarget | null): HTMLElement | null {
  const fields = 'input:not([type="radio"], [type="checkbox"], [type="range"]), textarea, select';
  return target instanceof HTMLElement && target.matches(fields) ? target : null;
}
