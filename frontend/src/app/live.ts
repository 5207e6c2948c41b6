import { connect } from '@/shared/api/socket';

/** What is only needed once someone is there: the socket, loaded after the first paint. */
export const startLive = (): void => connect();
