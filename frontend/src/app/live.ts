import { connect } from '@/shared/api/socket';
import { fetchAhead } from './ahead';

/** What is only needed once someone is there: the socket, and then the other screens, loaded after the first paint. */
export function startLive(): void {
  connect();
  fetchAhead();
}
