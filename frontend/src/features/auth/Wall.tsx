import { Cover } from '@/shared/covers/Cover';

const wall = ['Lamplight', 'The Long Save', 'Ember & Oak', 'Second Wind: Origins', 'Paper Moons', 'Nine Lives Left', 'Static Bloom', 'Deep Freeze', 'Cartographer', 'Hollow Signal', 'Old Gods Online', 'Tin Sparrow', 'Night Bus', 'Saltwater', 'Kite Season'];

/** A wall of made covers, beside the question on a wide screen. */
export default function Wall() {
  return (
    <div className="absolute top-1/2 left-1/2 grid w-[115%] -translate-x-[46%] -translate-y-1/2 -rotate-8 grid-cols-5 gap-6">
      {wall.map((name, index) => (
        <Cover key={name} title={name} url={null} className={`rounded-xl shadow-float ${index % 5 === 1 || index % 5 === 3 ? 'translate-y-14' : ''}`} />
      ))}
    </div>
  );
}
