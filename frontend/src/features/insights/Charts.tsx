import { Bar, BarChart, CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useId } from 'react';
import { t } from './texts';
import { ticksOf } from './ticks';

export type Row = { label: string } & Record<string, string | number>;
export type Series = { key: string; name: string; colour: 'lamp' | 'lamp-text' | 'teal' | 'edge' | 'ink'; /** Told apart by more than the colour. */ dash?: string };
export type ChartProps = { rows: readonly Row[]; series: readonly Series[]; kind: 'bar' | 'line' | 'across'; height: number; show?: (value: number) => string; /** What a mark of the axis is a multiple of. */ unit?: number; /** How far the axis goes at least. */ least?: number };

const axis = { stroke: 'var(--edge)', tick: { fill: 'var(--muted)', fontSize: 12 }, tickLine: false } as const;
const tip = { contentStyle: { background: 'var(--raised)', border: '1px solid var(--line)', borderRadius: 8, color: 'var(--ink)' }, labelStyle: { color: 'var(--ink)', fontWeight: 600 }, itemStyle: { color: 'var(--ink)' } };

/** Room for the half of the last label that stands beyond its place. */
const margin = { left: 0, right: 32, top: 8, bottom: 0 };
/** A word in the colour of its line could not be read on every ground. */
const legend = (name: string) => <span style={{ color: 'var(--muted)' }}>{name}</span>;

/** A chart, and the same numbers as a table for those who do not see it. */
export default function Chart({ rows, series, kind, height, show = String, unit = 1, least = 4 }: ChartProps) {
  const id = useId();
  const many = series.length > 1;
  const format = (value: unknown) => show(Number(value));
  const ticks = ticksOf(Math.max(0, ...rows.flatMap((row) => series.map(({ key }) => Number(row[key])))), least, unit);
  const reach: [number, number] = [0, ticks.at(-1) ?? least];
  const scale = { domain: reach, ticks, interval: 0, tickFormatter: format } as const;
  const data = [...rows];
  return (
    <div>
      <div aria-hidden="true" style={{ height }}>
        <ResponsiveContainer width="100%" height="100%">
          {kind === 'line' ? (
            <LineChart data={data} margin={margin} accessibilityLayer={false}>
              <CartesianGrid stroke="var(--line)" vertical={false} />
              <XAxis dataKey="label" {...axis} minTickGap={24} />
              <YAxis {...axis} width={48} {...scale} />
              <Tooltip {...tip} formatter={format} />
              {many && <Legend wrapperStyle={{ fontSize: 13 }} formatter={legend} />}
              {series.map((one) => (
                <Line key={one.key} dataKey={one.key} name={one.name} stroke={`var(--${one.colour})`} strokeWidth={2.5} strokeDasharray={one.dash} dot={false} isAnimationActive={false} />
              ))}
            </LineChart>
          ) : (
            <BarChart data={data} layout={kind === 'across' ? 'vertical' : 'horizontal'} margin={margin} accessibilityLayer={false}>
              <CartesianGrid stroke="var(--line)" vertical={kind === 'across'} horizontal={kind !== 'across'} />
              {kind === 'across' ? <XAxis type="number" {...axis} {...scale} interval="equidistantPreserveStart" /> : <XAxis dataKey="label" {...axis} minTickGap={24} />}
              {kind === 'across' ? <YAxis type="category" dataKey="label" width={112} {...axis} /> : <YAxis {...axis} width={48} {...scale} />}
              <Tooltip {...tip} formatter={format} cursor={{ fill: 'var(--sunk)' }} />
              {many && <Legend wrapperStyle={{ fontSize: 13 }} formatter={legend} />}
              {series.map((one) => (
                <Bar key={one.key} dataKey={one.key} name={one.name} fill={`var(--${one.colour})`} radius={3} isAnimationActive={false} />
              ))}
            </BarChart>
          )}
        </ResponsiveContainer>
      </div>
      <details className="mt-2 text-sm">
        <summary className="w-fit rounded-md px-1 py-1 font-semibold text-muted hover:text-ink" id={id}>
          {t('insights.theNumbers')}
        </summary>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled table must be reachable by keyboard */}
        <div role="region" aria-labelledby={id} tabIndex={0} className="mt-2 max-h-64 overflow-auto rounded-lg border border-line">
          <table className="numbers w-full text-left">
            <thead className="sticky top-0 bg-sunk text-muted">
              <tr>
                <th scope="col" className="px-3 py-1.5 font-semibold">
                  <span className="sr-only">{t('insights.what')}</span>
                </th>
                {series.map((one) => (
                  <th key={one.key} scope="col" className="px-3 py-1.5 font-semibold">
                    {one.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {rows.map((row) => (
                <tr key={row.label}>
                  <th scope="row" className="px-3 py-1 font-medium">
                    {row.label}
                  </th>
                  {series.map((one) => (
                    <td key={one.key} className="px-3 py-1">
                      {show(Number(row[one.key]))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}
