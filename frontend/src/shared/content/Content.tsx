import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useMutation, useQuery } from 'urql';
import { ChoosePreferencesDocument, ChosenDocument, InterfaceDocument, type InterfaceQuery, type PreferencesInput } from '@/gql/content';
import { refusal } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { wear, type Theme } from './look';
import { keep, sayer, speak, spokenNow, type Say } from './texts';

type Ui = NonNullable<InterfaceQuery['uiConfig']>;
export type Place = Ui['navigation'][number];
export type Block = Ui['pages'][number]['blocks'][number];

export type ContentValue = {
  ui: Ui | null;
  /** Whether what `ui` is now it stays: the hub has answered, or does not. */
  settled: boolean;
  say: Say;
  themes: Theme[];
  /** The theme chosen whatever the device says; null follows the device. */
  theme: string | null;
  chosen: { language: string | null; density: string | null; motion: string | null; startPage: string | null };
  /** Whether a feature is switched on here. */
  has: (flag: string) => boolean;
  /** Changes preferences; answers what was wrong, if anything was. */
  choose: (input: PreferencesInput) => Promise<string | null>;
};

const nothing = { language: null, density: null, motion: null, startPage: null };
const Value = createContext<ContentValue>({ ui: null, settled: true, say: (key, params) => spokenNow()(key, params), themes: [], theme: null, chosen: nothing, has: () => false, choose: async () => null });

export const useContent = (): ContentValue => useContext(Value);
/** Says a text of the interface by its key. */
export const useSay = (): Say => useContext(Value).say;

const texts = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});

/** What the interface is made of, from the hub; until it has answered, this build's own. */
export function Content({ children }: { children: ReactNode }) {
  const { me } = useViewer();
  const [{ data, fetching }] = useQuery({ query: InterfaceDocument });
  const [{ data: mine }] = useQuery({ query: ChosenDocument, pause: !me });
  const [, save] = useMutation(ChoosePreferencesDocument);
  // What was chosen counts at once, also while the hub has not answered.
  const [ahead, setAhead] = useState<PreferencesInput>({});

  const ui = data?.uiConfig ?? null;
  const settled = Boolean(data) || !fetching;
  const themes = (data?.themes ?? []) as Theme[];
  const preferred = mine?.myPreferences;
  const theme = ahead.theme !== undefined ? ahead.theme : (preferred?.theme?.id ?? null);
  const density = (ahead.density !== undefined ? ahead.density : preferred?.density) ?? ui?.density ?? 'COMFORTABLE';
  const motion = (ahead.motion !== undefined ? ahead.motion : preferred?.motion) ?? ui?.motion ?? 'SYSTEM';
  const chosenTheme = themes.find((one) => one.id === theme) ?? null;
  const light = (ui?.lightTheme ?? null) as Theme | null;
  const dark = (ui?.darkTheme ?? null) as Theme | null;
  useEffect(() => {
    if (ui && (mine || !me)) wear({ light, dark, chosen: chosenTheme, density, motion });
  }, [ui, mine, me, light, dark, chosenTheme, density, motion]);

  const catalogue = data?.texts;
  const say = useMemo(() => {
    if (!catalogue) return spokenNow();
    const next = sayer(texts(catalogue.values), catalogue.language);
    // Whatever is shown with this value is already said in it.
    speak(next, catalogue.language);
    return next;
  }, [catalogue]);
  useEffect(() => {
    if (!catalogue) return;
    document.documentElement.lang = catalogue.language;
    keep(texts(catalogue.values), catalogue.language);
  }, [catalogue]);

  const choose = useCallback(
    async (input: PreferencesInput) => {
      setAhead((old) => ({ ...old, ...input }));
      const { data: answer, error } = await save({ input });
      const problem = refusal(answer?.updatePreferences.problems, error);
      if (problem) setAhead({});
      return problem;
    },
    [save],
  );
  const flags = mine?.featureFlags;
  const value = useMemo<ContentValue>(
    () => ({
      ui,
      settled,
      say,
      themes,
      theme,
      chosen: { language: preferred?.language ?? null, density: preferred?.density ?? null, motion: preferred?.motion ?? null, startPage: preferred?.startPage ?? null, ...Object.fromEntries(Object.entries(ahead).filter(([key]) => key !== 'theme')) },
      has: (flag) => flags?.some((one) => one.key === flag && one.enabled) ?? false,
      choose,
    }),
    // The list of themes is made anew with the data only.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [ui, settled, say, data?.themes, theme, preferred, ahead, flags, choose],
  );
  return <Value value={value}>{children}</Value>;
}
