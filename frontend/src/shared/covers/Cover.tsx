import { memo, useState } from 'react';
import { cx } from '@/shared/ui/classes';
import { design, paletteOf } from './design';
import { Motif } from './Motif';

/** Pictures come from our own host only: a store's address would tell it what is looked at. */
export const ownUrl = (url: string | null): string | null => (url && /^(\/(?!\/)|data:image\/)/.test(url) ? url : null);

/** `tint`: the picture's own colour, there before the picture is. */
type Props = { title: string; url: string | null; tint?: string | null; className?: string; eager?: boolean };

/** The game's own artwork, or a made cover where there is none or it cannot be loaded. */
export const Cover = memo(function Cover({ title, url: address, tint, className, eager = false }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const url = ownUrl(address);
  const box = cx('relative block aspect-[2/3] overflow-hidden bg-sunk [container-type:inline-size]', className);
  if (url && broken !== url) {
    return (
      <span className={box} style={{ background: tint ?? paletteOf(title).paper }}>
        <img src={url} alt="" loading={eager ? 'eager' : 'lazy'} decoding="async" className="absolute inset-0 size-full object-cover" onError={() => setBroken(url)} />
      </span>
    );
  }
  return <MadeCover title={title} className={box} />;
});

function MadeCover({ title, className }: { title: string; className: string }) {
  const made = design(title);
  const { palette, lettering, titleAtTop } = made;
  return (
    <span className={className} style={{ background: palette.paper }} aria-hidden="true" data-made-cover={made.motif}>
      <Motif design={made} />
      <span className={cx('absolute inset-x-0 flex flex-col px-[8cqi]', titleAtTop ? 'top-0 pt-[8cqi]' : 'bottom-0 pb-[9cqi]')} style={{ color: palette.ink }}>
        {lettering.lines.map((line, index) => (
          <span key={index} className="font-display block font-extrabold whitespace-nowrap" style={{ fontSize: `${lettering.size}cqi`, lineHeight: 0.96, fontStretch: '75%', letterSpacing: '-0.02em' }}>
            {line}
          </span>
        ))}
        {lettering.sub.length > 0 && (
          <span className="mt-[3cqi] block font-semibold" style={{ fontSize: `${lettering.subSize}cqi`, lineHeight: 1.12 }}>
            {lettering.sub.map((line, index) => (
              <span key={index} className="block whitespace-nowrap">
                {line}
              </span>
            ))}
          </span>
        )}
      </span>
    </span>
  );
}
