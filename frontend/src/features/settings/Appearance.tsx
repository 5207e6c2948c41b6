import { Check } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Density, Motion, PreferencesInput } from '@/gql/content';
import { useContent } from '@/shared/content/Content';
import type { Theme } from '@/shared/content/look';
import { t } from './texts';
import { themeName } from '@/shared/format/words';
import { cx } from '@/shared/ui/classes';
import { SelectField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';

const densities: Density[] = ['COMFORTABLE', 'COMPACT'];
const motions: Exclude<Motion, 'SYSTEM'>[] = ['REDUCED', 'FULL'];

/** A language in its own name, where the browser knows it. */
function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Theme, language, density, motion and where to begin: all that there is comes from the hub. */
export function Appearance() {
  const { ui, say, themes, theme, chosen, choose } = useContent();
  const [fault, setFault] = useState<string | null>(null);
  const pick = async (input: PreferencesInput) => setFault(await choose(input));
  const asDevice = say('settings.followDevice');
  return (
    <section aria-labelledby="appearance">
      <h2 id="appearance" className="mb-3 text-2xl">
        {say('settings.theme')}
      </h2>
      {fault && <Fault>{fault}</Fault>}
      <fieldset>
        <legend className="sr-only">{say('settings.theme')}</legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          <Choice name={asDevice} on={theme === null} onPick={() => void pick({ theme: null })}>
            <Swatch theme={ui?.lightTheme as Theme | null} half />
            <Swatch theme={ui?.darkTheme as Theme | null} half />
          </Choice>
          {themes.map((one) => (
            <Choice key={one.id} name={themeName(one)} on={theme === one.id} onPick={() => void pick({ theme: one.id })}>
              <Swatch theme={one} />
            </Choice>
          ))}
        </div>
      </fieldset>
      <div className="mt-5 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <SelectField label={say('settings.language')} value={chosen.language ?? ''} onChange={(event) => void pick({ language: event.target.value || null })}>
          <option value="">{languageName(ui?.language ?? 'en')}</option>
          {ui?.languages.filter((tag) => tag !== ui.language).map((tag) => (
            <option key={tag} value={tag}>
              {languageName(tag)}
            </option>
          ))}
        </SelectField>
        <SelectField label={say('settings.density')} value={chosen.density ?? ''} onChange={(event) => void pick({ density: (event.target.value || null) as Density | null })}>
          <option value="">{ui ? t(`density.${ui.density}`) : asDevice}</option>
          {densities.filter((one) => one !== ui?.density).map((one) => (
            <option key={one} value={one}>
              {t(`density.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={say('settings.motion')} value={chosen.motion ?? ''} onChange={(event) => void pick({ motion: (event.target.value || null) as Motion | null })}>
          <option value="">{asDevice}</option>
          {motions.map((one) => (
            <option key={one} value={one}>
              {t(`motion.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={say('settings.startPage')} value={chosen.startPage ?? ''} onChange={(event) => void pick({ startPage: event.target.value || null })}>
          <option value="">{say(ui?.navigation.find((place) => place.id === ui.startPage)?.text ?? 'nav.library')}</option>
          {ui?.navigation.filter((place) => place.id !== ui.startPage).map((place) => (
            <option key={place.id} value={place.id}>
              {say(place.text)}
            </option>
          ))}
        </SelectField>
      </div>
    </section>
  );
}

function Choice({ name, on, onPick, children }: { name: string; on: boolean; onPick: () => void; children: ReactNode }) {
  return (
    <label className={cx('relative cursor-pointer overflow-hidden rounded-xl border-2 bg-surface has-focus-visible:outline-2 has-focus-visible:outline-lamp-text', on ? 'border-lamp-text' : 'border-line hover:border-edge')}>
      <input type="radio" name="theme" className="sr-only" checked={on} onChange={onPick} />
      <span className="flex h-16" aria-hidden="true">
        {children}
      </span>
      <span className="flex items-center gap-2 px-3 py-2 text-sm font-semibold">
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {on && <Check className="size-4 text-lamp-text" aria-hidden="true" />}
      </span>
    </label>
  );
}

/** A theme in its own colours. */
function Swatch({ theme, half = false }: { theme: Theme | null; half?: boolean }) {
  const colour = (name: string) => theme?.variables[name] ?? 'transparent';
  return (
    <span className={cx('flex items-end gap-1.5 p-2.5', half ? 'w-1/2' : 'w-full')} style={{ background: colour('bg') }}>
      {['ink', 'lamp', 'teal', 'good'].slice(0, half ? 2 : 4).map((name) => (
        <span key={name} className="h-full flex-1 rounded" style={{ background: colour(name) }} />
      ))}
    </span>
  );
}
