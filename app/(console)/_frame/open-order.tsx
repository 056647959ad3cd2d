'use client';

import Link from 'next/link';
import {
  useRouter,
  useSearchParams,
  useSelectedLayoutSegment,
  useSelectedLayoutSegments,
} from 'next/navigation';
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  use,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useTransition,
} from 'react';
import { type Shortcut, useShortcuts } from '#app/_keyboard/shortcuts.tsx';
import { paths } from '#app/paths.ts';
import { fromOrderSegment } from '#lib/contract/order-path.ts';
import { answerKey } from './order-keys.ts';

type Actions = {
  /** Opens an order, or the queue alone with null; the screen shows at once where it is going. */
  open(orderId: string | null): void;
  /** Runs what a key of this order does, if the order is the one that the reviewer asked for and sees. */
  guard(orderId: string, shortcut: Shortcut): void;
  /** The controls of this order are alive: a key that was held for it is pressed now. */
  comeAlive(orderId: string): () => void;
};

const AskedContext = createContext<string | null>(null);
const ActionsContext = createContext<Actions | undefined>(undefined);

/** The keys that act on an order, also while none of its controls is there to answer them. */
const orderKeys: readonly (readonly [keys: string, label: string])[] = [
  ['a', 'Decide as suggested'],
  ['n', 'No refund'],
  ['p', 'Partial refund'],
  ['f', 'Full refund'],
  ['u', 'Undo the decision'],
  ['c', 'Claim'],
  ['r', 'Release or reverse'],
  ['s', 'Snooze'],
  ['e', 'Escalate'],
];
const REASON_SHOWN_MS = 5_000;

/** Knows which order is open, from the moment at which the reviewer asks for it, and keeps keys from acting on another. */
export function OpenOrderProvider({ children }: { children: ReactNode }) {
  const [page, segment] = useSelectedLayoutSegments();
  const address = page === 'refunds' && segment ? fromOrderSegment(segment) : null;
  const [target, setTarget] = useState<string | null>(null);
  const [isMoving, startMove] = useTransition();
  const asked = isMoving ? target : address;
  const [reason, setReason] = useReason();
  const router = useRouter();
  const filters = useSearchParams().toString();
  const search = page === 'refunds' ? filters : '';
  const latest = useRef({ asked, search });
  const alive = useRef<string | null>(null);
  const held = useRef<{ orderId: string; keys: string }[]>([]);
  useLayoutEffect(() => {
    latest.current = { asked, search };
  });

  function press(keys: string, label: string, of: string | null, run: () => void) {
    const screen = { asked: latest.current.asked, painted: readPaintedOrder(), alive: alive.current };
    const answer = answerKey(screen, { label, of });
    if (answer.kind === 'refuse') return setReason(answer.reason);
    setReason('');
    if (answer.kind === 'hold') held.current.push({ orderId: screen.asked ?? '', keys });
    else run();
  }

  const [actions] = useState<Actions>(() => ({
    open(orderId) {
      const [left] = held.current.splice(0);
      setReason(left ? `Order ${left.orderId} was left before it was ready. Nothing was done.` : '');
      latest.current.asked = orderId;
      setTarget(orderId);
      const query = latest.current.search;
      startMove(() => router.push(orderId === null ? paths.refunds(query) : paths.refund(orderId, query)));
    },
    guard: (orderId, { keys, label, run }) => press(keys, label, orderId, run),
    comeAlive(orderId) {
      alive.current = orderId;
      const waiting = held.current.splice(0).filter((one) => one.orderId === orderId);
      queueMicrotask(() => {
        for (const { keys } of waiting) pressAgain(keys);
      });
      return () => {
        if (alive.current === orderId) alive.current = null;
      };
    },
  }));
  useFallbackKeys(page === 'refunds', press);
  return (
    <ActionsContext value={actions}>
      <AskedContext value={asked}>
        {children}
        <KeyReason>{reason}</KeyReason>
      </AskedContext>
    </ActionsContext>
  );
}

/** Answers the keys that act on an order where no control does. */
function useFallbackKeys(
  isOn: boolean,
  press: (keys: string, label: string, of: string | null, run: () => void) => void,
) {
  const shortcuts = orderKeys.map(([keys, label]) => ({
    keys,
    group: 'Order',
    label,
    isFallback: true,
    run: () => press(keys, label, null, () => undefined),
  }));
  useShortcuts(isOn ? shortcuts : []);
}

/** The order that is open or that is being opened. */
export const useAskedOrder = (): string | null => use(AskedContext);

/** A link to an order, or to the queue alone where `orderId` is null; it opens at once what it leads to. */
export function OrderLink({ orderId, ...link }: ComponentProps<typeof Link> & { orderId: string | null }) {
  const open = useOpenOrder();
  return (
    <Link
      {...link}
      onNavigate={(event) => {
        event.preventDefault();
        open(orderId);
      }}
    />
  );
}

/** Opens an order, or the queue alone with null; the filters of the queue stay. */
export const useOpenOrder = (): Actions['open'] => useActions().open;

/** Registers shortcuts that act on this order. */
export function useOrderShortcuts(orderId: string, shortcuts: readonly Shortcut[]) {
  const { guard } = useActions();
  useShortcuts(shortcuts.map((shortcut) => ({ ...shortcut, run: () => guard(orderId, shortcut) })));
}

/** Says that the controls of this order answer keys, while the calling component is mounted. Call it above them. */
export function useAliveOrder(orderId: string) {
  const { comeAlive } = useActions();
  useLayoutEffect(() => comeAlive(orderId), [comeAlive, orderId]);
}

/** The open order's page; while another one is being opened, `outline` is shown instead. */
export function OpenOrderPane({ outline, children }: { outline: ReactNode; children: ReactNode }) {
  const asked = useAskedOrder();
  const segment = useSelectedLayoutSegment();
  const address = segment && fromOrderSegment(segment);
  const isMoving = asked !== address;
  return (
    <>
      {isMoving && asked !== null && outline}
      <div className={isMoving ? 'hidden' : 'contents'}>{children}</div>
    </>
  );
}

/** Why a key did nothing; it disappears by itself. */
function useReason() {
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (!reason) return;
    const timer = setTimeout(() => setReason(''), REASON_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [reason]);
  return [reason, setReason] as const;
}

function KeyReason({ children }: { children: string }) {
  return (
    <p
      role="status"
      className="fixed bottom-3 left-1/2 z-10 -translate-x-1/2 rounded-8 bg-ink px-4 py-2 text-13 text-surface empty:hidden"
    >
      {children}
    </p>
  );
}

function useActions(): Actions {
  const actions = use(ActionsContext);
  if (!actions) throw new Error('used outside of OpenOrderProvider');
  return actions;
}

/** The order that the address names; null on any other page. */
export function readAddressOrder(): string | null {
  const [, page, segment] = window.location.pathname.split('/');
  return page === 'refunds' && segment ? fromOrderSegment(segment) : null;
}

/** The order whose data a person sees now. */
function readPaintedOrder(): string | null {
  const article = document.querySelector<HTMLElement>('[data-open-order]');
  return article?.checkVisibility() ? (article.dataset.openOrder ?? null) : null;
}

function pressAgain(keys: string) {
  document.dispatchEvent(new KeyboardEvent('keydown', { key: keys, bubbles: true, cancelable: true }));
}
