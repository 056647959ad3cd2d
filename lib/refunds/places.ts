/** Takes a place of `key`. `leave` is called when it is wanted back. @returns what gives it back. */
export type TakePlace = (key: string, leave: () => void) => () => void;

/** So many places of each key in this process; who wants one more gets the place that was taken first. */
export function createPlaces(max: number): TakePlace {
  const taken = new Map<string, Set<() => void>>();
  return (key, leave) => {
    const places = taken.get(key) ?? new Set();
    taken.set(key, places);
    const place = () => leave();
    const giveBack = () => {
      places.delete(place);
      if (places.size === 0 && taken.get(key) === places) taken.delete(key);
    };
    places.add(place);
    const [first] = places;
    if (places.size > max && first) {
      places.delete(first);
      first();
    }
    return giveBack;
  };
}
