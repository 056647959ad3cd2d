const MINUS = '−';

/** 38.24 → "38.2 min". */
export function formatMinutes(minutes: number): string {
  return `${minutes.toFixed(1)} min`;
}

/** 7.3 → "+7.3 min", −3.1 → "−3.1 min": minutes against a mark. */
export function formatLateness(minutes: number): string {
  const sign = minutes < 0 ? MINUS : '+';
  return `${sign}${Math.abs(minutes).toFixed(1)} min`;
}

/** 4141 → "4,141". */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** Seconds as people say them: 42 → "42 s", 310 → "5 min 10 s", 4000 → "1 h 6 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? MINUS : '';
  if (whole < 60) return `${sign}${whole} s`;
  if (whole < 3600) return `${sign}${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${sign}${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A location's code for people: "palo_alto" → "Palo Alto", "sf" → "SF". */
export function formatLocation(location: string | null): string {
  if (location === null) return 'Unknown location';
  const words = location.split(/[_\s]+/).filter(Boolean);
  return words.map(capitalize).join(' ');
}

function capitalize(word: string): string {
  return word.length <= 2 ? word.toUpperCase() : `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
