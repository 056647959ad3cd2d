/** Slots per key, such as a person, in this process. */
export type Slots = {
  /**
   * Takes a slot of `key`. Where all are taken, the holder of the oldest one loses it and its `onEvict` is called.
   * @returns a function that releases the slot.
   */
  acquire(key: string, onEvict: () => void): () => void;
};

export function createSlots(maxPerKey: number): Slots {
  const taken = new Map<string, Set<() => void>>();
  return {
    acquire(key, onEvict) {
      const slots = taken.get(key) ?? new Set();
      taken.set(key, slots);
      const slot = () => onEvict();
      slots.add(slot);
      const [oldest] = slots;
      if (slots.size > maxPerKey && oldest) {
        slots.delete(oldest);
        oldest();
      }
      return () => {
        slots.delete(slot);
        if (slots.size === 0 && taken.get(key) === slots) taken.delete(key);
      };
    },
  };
}
