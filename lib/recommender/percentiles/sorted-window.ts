/** A multiset of numbers in ascending order: the first `size` of `values`. */
export class SortedWindow {
  values = new Float64Array(1024);
  size = 0;

  add(value: number): void {
    if (this.size === this.values.length) this.grow();
    const place = this.placeOf(value);
    this.values.copyWithin(place + 1, place, this.size);
    this.values[place] = value;
    this.size += 1;
  }

  /** Removes one occurrence; throws a RangeError where there is none. */
  remove(value: number): void {
    const place = this.placeOf(value);
    if (place === this.size || this.values[place] !== value) throw new RangeError(`${value} is not there`);
    this.values.copyWithin(place, place + 1, this.size);
    this.size -= 1;
  }

  /** The first position whose value is not below `value`. */
  private placeOf(value: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.values[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    const larger = new Float64Array(this.values.length * 2);
    larger.set(this.values);
    this.values = larger;
  }
}
