import type { ReactElement } from 'react';
import { dice, type Design } from './design';

/** The picture of a made cover on a 60 × 90 sheet. It leans away from the title. */
export function Motif({ design }: { design: Design }) {
  const { motif, palette, seed, titleAtTop } = design;
  const draw = pictures[motif];
  return (
    <svg viewBox="0 0 60 90" preserveAspectRatio="xMidYMid slice" className="absolute inset-0 size-full" aria-hidden="true">
      <g transform={titleAtTop ? undefined : 'matrix(1 0 0 -1 0 90)'}>{draw(palette, dice(seed ^ 0x51ed270b), titleAtTop)}</g>
    </svg>
  );
}

type Colours = Design['palette'];
type Picture = (colours: Colours, roll: () => number, upright: boolean) => ReactElement;

// Each picture puts its weight into the lower half; the sheet is flipped when the title is below.
const pictures: Record<Design['motif'], Picture> = {
  sun: (c, roll) => {
    const x = 20 + roll() * 24;
    const r = 17 + roll() * 6;
    return (
      <>
        <circle cx={x} cy={60} r={r} fill={c.glow} />
        {[0, 1, 2, 3, 4, 5].map((i) => (
          <rect key={i} x={0} y={60 + i * 5.200} width={60} height={1 + i * 0.850} fill={c.paper} />
        ))}
        <rect x={0} y={86} width={60} height={4} fill={c.mid} />
      </>
    );
  },
  arcs: (c, roll) => {
    const x = roll() < 0.5 ? 0 : 60;
    return (
      <>
        {[54, 45, 36, 27, 18, 9].map((r, i) => (
          <circle key={r} cx={x} cy={90} r={r} fill={[c.deep, c.mid, c.paper, c.glow, c.deep, c.glow][i]} />
        ))}
      </>
    );
  },
  peaks: (c, roll) => {
    const ridge = (base: number, height: number) => {
      const points = [0, 1, 2, 3, 4, 5, 6].map((i) => `${i * 10},${(base - (i % 2 ? roll() * height : height * 0.25 * roll())).toFixed(1)}`);
      return `0,90 ${points.join(' ')} 60,90`;
    };
    return (
      <>
        <circle cx={12 + roll() * 36} cy={48 + roll() * 6} r={5 + roll() * 4} fill={c.glow} />
        <polygon points={ridge(68, 22)} fill={c.mid} />
        <polygon points={ridge(78, 18)} fill={c.dark ? c.deep : c.glow} />
        <polygon points={ridge(88, 12)} fill={c.dark ? c.glow : c.ink} opacity={0.9} />
      </>
    );
  },
  orbit: (c, roll) => {
    const tilt = -35 + roll() * 70;
    const at = roll() * Math.PI * 2;
    return (
      <g transform={`translate(30 62) rotate(${tilt.toFixed(0)})`}>
        <circle r={15} fill={c.mid} />
        <path d="M-15 0A15 15 0 0 0 15 0Z" fill={c.deep} opacity={0.55} />
        {[22, 28, 34].map((r, i) => (
          <ellipse key={r} rx={r} ry={r * 0.32} fill="none" stroke={i === 0 ? c.glow : c.mid} strokeWidth={i === 0 ? 1.600 : 0.600} />
        ))}
        <path d="M-15 -1A15 15 0 0 1 15 -1Z" fill={c.mid} />
        <circle cx={Math.cos(at) * 28} cy={Math.sin(at) * 9} r={2.600} fill={c.glow} />
      </g>
    );
  },
  sprite: (c, roll, upright) => {
    const cells: ReactElement[] = [];
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 4; x += 1) {
        const centre = 1 - (Math.abs(3.5 - y) / 8 + (3 - x) / 9);
        if (roll() > centre * 0.92) continue;
        const fill = roll() < 0.24 ? c.ink : roll() < 0.3 ? c.mid : c.glow;
        for (const column of [x, 7 - x]) cells.push(<rect key={`${column}-${y}`} x={10 + column * 5} y={42 + (upright ? y : 7 - y) * 5} width={5.050} height={5.050} fill={fill} />);
      }
    }
    return (
      <>
        <rect x={0} y={38} width={60} height={52} fill={c.deep} />
        {cells}
      </>
    );
  },
  waves: (c, roll) => {
    const wave = (y: number, swing: number, shift: number) => {
      const points = Array.from({ length: 13 }, (_, i) => `${i * 5},${(y + Math.sin(i * 0.9 + shift) * swing).toFixed(1)}`);
      return `0,92 ${points.join(' ')} 60,92`;
    };
    const shift = roll() * 6;
    return (
      <>
        {[c.deep, c.mid, c.glow, c.deep, c.mid].map((fill, i) => (
          <polygon key={i} points={wave(48 + i * 9.500, 4 - i * 0.500, shift + i * 1.300)} fill={fill} opacity={i === 2 ? 1 : 0.92} />
        ))}
      </>
    );
  },
  rays: (c, roll) => {
    const x = 16 + roll() * 28;
    const n = 16;
    const turn = roll() * 0.4;
    const at = (i: number, r: number) => `${(x + Math.cos((i / n) * Math.PI * 2 + turn) * r).toFixed(1)},${(70 + Math.sin((i / n) * Math.PI * 2 + turn) * r).toFixed(1)}`;
    return (
      <>
        {Array.from({ length: n / 2 }, (_, i) => (
          <polygon key={i} points={`${x},70 ${at(i * 2, 120)} ${at(i * 2 + 1, 120)}`} fill={c.deep} opacity={0.75} />
        ))}
        <circle cx={x} cy={70} r={13} fill={c.glow} />
        <circle cx={x} cy={70} r={7.500} fill={c.mid} />
      </>
    );
  },
  tiles: (c, roll) => {
    const tiles: ReactElement[] = [];
    for (let y = 0; y < 4; y += 1) {
      for (let x = 0; x < 5; x += 1) {
        const fill = [c.glow, c.mid, c.deep, c.glow][Math.floor(roll() * 4)];
        const turn = Math.floor(roll() * 4) * 90;
        if (roll() < 0.08 + (3 - y) * 0.07) continue;
        tiles.push(
          <g key={`${x}-${y}`} transform={`translate(${x * 12} ${42 + y * 12}) rotate(${turn} 6 6)`}>
            {roll() < 0.72 ? <path d="M0 0H12A12 12 0 0 1 0 12Z" fill={fill} /> : <circle cx={6} cy={6} r={6} fill={fill} />}
          </g>,
        );
      }
    }
    return <>{tiles}</>;
  },
  steps: (c, roll) => {
    const flip = roll() < 0.5;
    return (
      <g transform={flip ? 'matrix(-1 0 0 1 60 0)' : undefined}>
        {Array.from({ length: 6 }, (_, i) => {
          const height = 6 + i * 7.500 + roll() * 3;
          return (
            <g key={i}>
              <rect x={i * 10} y={90 - height} width={10} height={height} fill={i % 2 ? c.mid : c.deep} />
              <rect x={i * 10} y={90 - height} width={10} height={2} fill={c.glow} />
            </g>
          );
        })}
        <circle cx={14} cy={56} r={5} fill={c.glow} />
      </g>
    );
  },
};
