/** Where an axis has its marks: at most six, at round numbers of its unit, the last at or above all there is. */
export function ticksOf(most: number, least: number, unit: number): number[] {
  const reach = Math.max(most, least) / unit;
  const rough = Math.max(reach / 5, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((one) => one * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(reach / step) + 1 }, (_, at) => at * step * unit);
}
