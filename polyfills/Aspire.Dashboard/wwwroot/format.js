// How figures, times and names are written.
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const number = new Intl.NumberFormat([], { maximumFractionDigits: 2 });

/** A moment, milliseconds since 1970, as HH:mm:ss.mmm. */
export function time(moment) {
  return `${clock.format(moment)}.${String(Math.floor(moment % 1000)).padStart(3, '0')}`;
}

/** A duration in milliseconds in the unit that reads best. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '–';
  if (milliseconds < 0.001) return '0';
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 100) return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 60000 ? `${(milliseconds / 1000).toFixed(2)} s` : `${(milliseconds / 60000).toFixed(1)} min`;
}

/** A measured value with its unit. */
export function value(amount, unit) {
  if (amount === null || amount === undefined) return '–';
  if (unit === 's') return duration(amount * 1000);
  if (unit === 'ms') return duration(amount);
  if (unit === 'By') return bytes(amount);
  return number.format(amount);
}

export function count(amount) {
  return number.format(amount);
}

function bytes(amount) {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, amount > 0 ? Math.floor(Math.log2(amount) / 10) : 0);
  return `${number.format(amount / 1024 ** power)} ${units[power]}`;
}

/** Names of OTLP's severity numbers. */
export function level(severity) {
  return severity >= 21 ? 'Critical' : severity >= 17 ? 'Error' : severity >= 13 ? 'Warning' : severity >= 9 ? 'Information' : severity >= 5 ? 'Debug' : severity > 0 ? 'Trace' : '';
}

/** A colour of its own for each service, the same on every page. */
export function colour(name) {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0), 16777619) >>> 0;
  return `hsl(${(hash * 137) % 360} 55% var(--service-light))`;
}
