import { memo, useState } from 'react';
import { cx } from '@/shared/ui/classes';
import { design, paletteOf } from './design';
import { drawingOf } from './drawing';
import { placeholderOf } from './placeholder';

/** Pictures come from our own host only: a store's address would tell it what is looked at. */
export const ownUrl = (url: string | null): string | null => (url && /^(\/(?!\/)|data:image\/)/.test(url) ? url : null);

type Props = {
  title: string;
  url: string | null;
  /** The same picture at half the size, and its ThumbHash, which is there before the picture is. */
  picture?: { small: string; placeholder: string | null } | null;
  /** How wide it is shown, where it may be less than it has. */
  sizes?: string;
  className?: string;
  eager?: boolean;
  /** Small and beside its title, where a made cover need not say it again. */
  bare?: boolean;
};

/** The game's own artwork, or a made cover where there is none or it cannot be loaded. */
export const Cover = memo(function Cover({ title, url: address, picture, sizes, className, eager = false, bare = false }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const url = ownUrl(address);
  const box = cx('relative block aspect-[2/3] overflow-hidden bg-sunk [contain:content]', className);
  if (url && broken !== url) {
    return (
      <span className={box} style={{ background: placeholderOf(picture?.placeholder) ?? paletteOf(title).paper }}>
        <img src={url} {...(sizes && picture && ownUrl(picture.small) ? { srcSet: `${picture.small} 240w, ${url} 480w`, sizes } : {})} alt="" loading={eager ? 'eager' : 'lazy'} decoding="async" className="absolute inset-0 size-full object-cover" onError={() => setBroken(url)} />
      </span>
    );
  }
  const { motif, palette } = design(title);
  return (
    <span className={box} style={{ background: palette.paper }} aria-hidden="true" data-made-cover={motif}>
      <svg viewBox="0 0 60 90" preserveAspectRatio="xMidYMid slice" className="absolute inset-0 size-full" dangerouslySetInnerHTML={{ __html: drawingOf(title, bare) }} />
    </span>
  );
});
