import { useViewer } from '@/shared/api/viewer';
import { NotFound } from './RouteStates';
import { Shell } from './Shell';

/** An address that leads nowhere: who is signed in keeps the frame around it. */
export function Nowhere() {
  const { me } = useViewer();
  if (!me) return <NotFound />;
  return (
    <Shell>
      <NotFound framed />
    </Shell>
  );
}
