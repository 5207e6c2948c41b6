/**
 * The average colour of a picture, out of its ThumbHash (base64): lightness in the first six bits,
 * then two of six for how yellow against blue, and red against green, it is. Null where it is none.
 */
export function averageColour(hash: string | null | undefined): string | null {
  if (!hash) return null;
  let bytes: string;
  try {
    bytes = atob(hash);
  } catch {
    return null;
  }
  if (bytes.length < 5) return null;
  const head = bytes.charCodeAt(0) | (bytes.charCodeAt(1) << 8) | (bytes.charCodeAt(2) << 16);
  const lightness = (head & 63) / 63;
  const yellow = ((head >> 6) & 63) / 31.5 - 1;
  const red = ((head >> 12) & 63) / 31.5 - 1;
  const b = lightness - (2 / 3) * yellow;
  const r = (3 * lightness - b + red) / 2;
  const g = r - red;
  return `rgb(${[r, g, b].map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255)).join(' ')})`;
}
