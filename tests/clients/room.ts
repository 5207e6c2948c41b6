// A room: what the subscriptions follow. Each test has its own, so none waits for another.
import { ask, type Hub } from './hub';

export const EVENTS = /* GraphQL */ `
  subscription Follow($room: ID!, $resume: RoomPosition) {
    roomEvents(roomId: $room, resume: $resume) {
      __typename
      ... on RoomSnapshot { epoch rev room { id name state members { player { id name } } } }
      ... on RoomDelta { epoch fromRev rev changes { rev kind clientSeq patch } }
      ... on RoomGap { epoch rev }
      ... on RoomClosed { epoch rev }
    }
  }
`;

export type RoomEvent = {
  __typename: 'RoomSnapshot' | 'RoomDelta' | 'RoomGap' | 'RoomClosed';
  epoch: string;
  rev: number;
  room?: { id: string; name: string; state: unknown; members: { player: { id: string; name: string } }[] };
  changes?: { kind: string; clientSeq: number | null; patch: unknown }[];
};

export type Followed = { roomEvents: RoomEvent };

export type Room = {
  id: string;
  /** Changes the state, as the owner. */
  act: (patch: Record<string, unknown>) => Promise<void>;
  /** Ends it, and with it every subscription. */
  close: () => Promise<void>;
};

export async function openRoom(hub: Hub, name: string): Promise<Room> {
  const { createRoom } = await ask(hub, 'mutation($input: CreateRoomInput!) { createRoom(input: $input) { room { id } problems { message } } }', {
    input: { name, seats: 2, state: { turn: 'white' } },
  });
  const id: string = createRoom.room.id;
  let clientSeq = 0;
  return {
    id,
    act: async (patch) => {
      clientSeq += 1;
      const { actInRoom } = await ask(hub, 'mutation($input: ActInput!) { actInRoom(input: $input) { rev problems { message } } }', { input: { roomId: id, clientSeq, patch } });
      if (actInRoom.problems.length) throw new Error(JSON.stringify(actInRoom.problems));
    },
    close: async () => {
      const { closeRoom } = await ask(hub, 'mutation($id: ID!) { closeRoom(roomId: $id) { problems { message } } }', { id });
      if (closeRoom.problems.length) throw new Error(JSON.stringify(closeRoom.problems));
    },
  };
}

/** What a client's subscription hears, one after the other. */
export class Heard<T> {
  #waiting: ((value: T) => void)[] = [];
  #values: T[] = [];
  #finish!: { resolve: () => void; reject: (error: unknown) => void };
  /** Fulfilled when the stream completes, rejected when it fails. */
  readonly ended = new Promise<void>((resolve, reject) => {
    this.#finish = { resolve, reject };
  });

  constructor() {
    // Whoever does not wait for the end is not to fall over it.
    this.ended.catch(() => undefined);
  }

  next = (value: T): void => {
    const first = this.#waiting.shift();
    if (first) first(value);
    else this.#values.push(value);
  };
  complete = (): void => this.#finish.resolve();
  error = (error: unknown): void => this.#finish.reject(error);

  /** The next value; fails when the stream fails first. */
  take(): Promise<T> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve(value);
    return Promise.race([new Promise<T>((resolve) => this.#waiting.push(resolve)), this.ended.then(() => Promise.reject(new Error('the stream ended')))]);
  }
}
