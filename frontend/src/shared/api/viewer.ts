import { createContext, useContext } from 'react';
import type { WelcomeQuery } from '@/gql/auth';

export type Viewer = {
  me: NonNullable<WelcomeQuery['me']> | null;
  scopes: NonNullable<WelcomeQuery['myScopes']>;
  authMode: NonNullable<WelcomeQuery['setup']>['authMode'];
  setupNeeded: boolean;
};

export type ViewerContext = Viewer & {
  /** Asks the hub again who is here, with a fresh cache. */
  reload: () => Promise<void>;
};

export const ViewerValue = createContext<ViewerContext | null>(null);

export function useViewer(): ViewerContext {
  const value = useContext(ViewerValue);
  if (!value) throw new Error('useViewer outside of the app');
  return value;
}
