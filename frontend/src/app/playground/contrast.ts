/** Colours that can be read: https://www.w3.org/TR/WCAG22/#contrast-minimum */
export type Rgb = readonly [number, number, number];

/** Reads `#rrggbb`. */
export function hex(text: string): Rgb {
  const value = Number.parseInt(text.slice(1, 7), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The colour itself where it can be read on `paper`, else the nearest one towards white or black that can. */
export function readable(colour: Rgb, paper: Rgb, least = 5.3): Rgb {
  const pole = luminance(paper) < 0.18 ? 255 : 0;
  for (let step = 0; step <= 20; step += 1) {
    const mixed = colour.map((part) => Math.round(part + ((pole - part) * step) / 20)) as unknown as Rgb;
    if (contrast(mixed, paper) >= least) return mixed;
  }
  return [pole, pole, pole];
}
