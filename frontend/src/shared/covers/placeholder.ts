/**
 * What stands in for a picture until it is there, out of its ThumbHash: a picture of eight by eight
 * points, stretched by the browser, which smooths it. So small that a screen full of them costs less
 * than one cover does; the hash's own shape is left out, because each box has its picture's.
 */
const SIDE = 8;

/** The head of a bitmap of so many points: three bytes each, the top row first. */
const HEAD = (() => {
  const head = new DataView(new ArrayBuffer(54));
  const size = SIDE * SIDE * 3;
  head.setUint16(0, 0x424d);
  head.setUint32(2, 54 + size, true);
  head.setUint32(10, 54, true);
  head.setUint32(14, 40, true);
  head.setInt32(18, SIDE, true);
  head.setInt32(22, -SIDE, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, 24, true);
  head.setUint32(34, size, true);
  return String.fromCharCode(...new Uint8Array(head.buffer));
})();

/** The waves that a picture is made of: `WAVES[n][at]`. */
const WAVES = Array.from({ length: 8 }, (_, n) => Array.from({ length: SIDE }, (_, at) => Math.cos((Math.PI / SIDE) * (at + 0.5) * n)));

type Wave = { x: number; y: number; weight: number };

/** A CSS background for a ThumbHash in base64, as the API gives it. Null where it is none. */
export function placeholderOf(hash: string | null | undefined): string | null {
  if (!hash) return null;
  let bytes: number[];
  try {
    bytes = Array.from(atob(hash), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
  const at = (index: number): number => bytes[index] ?? 0;
  if (bytes.length < 5) return null;
  const head = at(0) | (at(1) << 8) | (at(2) << 16);
  const more = at(3) | (at(4) << 8);
  const alpha = head >> 23;
  const lying = more >> 15;
  const whole = alpha ? 5 : 7;
  const wide = Math.max(3, lying ? whole : more & 7);
  const high = Math.max(3, lying ? more & 7 : whole);
  // Half a byte for each wave, behind the head.
  let half = alpha ? 12 : 10;
  const wavesOf = (nx: number, ny: number, scale: number): Wave[] => {
    const waves: Wave[] = [];
    for (let y = 0; y < ny; y += 1) {
      for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x += 1) {
        const value = (at(half >> 1) >> ((half & 1) << 2)) & 15;
        half += 1;
        waves.push({ x, y, weight: (value / 7.5 - 1) * scale * 2 });
      }
    }
    return waves;
  };
  const light = wavesOf(wide, high, ((head >> 18) & 31) / 31);
  const yellow = wavesOf(3, 3, (((more >> 3) & 63) / 63) * 1.25);
  const red = wavesOf(3, 3, (((more >> 9) & 63) / 63) * 1.25);
  let points = '';
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const sum = (start: number, waves: Wave[]): number => waves.reduce((total, wave) => total + wave.weight * (WAVES[wave.x]?.[x] ?? 0) * (WAVES[wave.y]?.[y] ?? 0), start);
      const l = sum((head & 63) / 63, light);
      const p = sum(((head >> 6) & 63) / 31.5 - 1, yellow);
      const q = sum(((head >> 12) & 63) / 31.5 - 1, red);
      const b = l - (2 / 3) * p;
      const r = (3 * l - b + q) / 2;
      points += String.fromCharCode(...[b, r - q, r].map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255)));
    }
  }
  return `url("data:image/bmp;base64,${btoa(HEAD + points)}") center / 100% 100% no-repeat`;
}
