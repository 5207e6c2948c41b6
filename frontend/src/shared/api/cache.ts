import { cacheExchange, type Cache, type UpdateResolver } from '@urql/exchange-graphcache';

const embedded = () => null;

let held = 0;

/** While a change of many games runs, lists stay as they are; what is given back ends that. */
export function holdLists(): () => void {
  let holding = true;
  held += 1;
  return () => {
    if (holding) held -= 1;
    holding = false;
  };
}

/** Forgets every list whose content may have moved; open screens ask again by themselves. */
function forgetFields(cache: Cache, names: string[]): void {
  for (const field of cache.inspectFields('Query')) {
    if (names.includes(field.fieldName)) cache.invalidate('Query', field.fieldName, field.arguments ?? undefined);
  }
}

const lists = ['games', 'searchGames', 'recentlyPlayed', 'libraryStats', 'recommendGames', 'collections', 'collection', 'previewCollection', 'whyInCollection', 'collectionFields', 'analyzeGamingPatterns', 'yearInReview', 'duplicateGames'];
const collections = ['collections', 'collection', 'whyInCollection'];
const after =
  (...names: string[]): UpdateResolver =>
  (_result, _args, cache) =>
    forgetFields(cache, names);

/**
 * Types whose id is one thing for good. All others are kept inside what holds them: the id of a
 * facet or of a share repeats in every answer with another count.
 */
const lasting = new Set(['Achievement', 'ApiKey', 'Board', 'Collection', 'Copy', 'Duplicate', 'Game', 'GameMerge', 'GameStatus', 'Login', 'Platform', 'PlatformLibrary', 'Player', 'SyncRun', 'Theme']);
const keys = new Proxy<Record<string, typeof embedded>>({}, { get: (_, type) => (typeof type === 'string' && !lasting.has(type) ? embedded : undefined) as typeof embedded });

/** The normalised cache. */
export const makeCache = () =>
  cacheExchange({
    keys,
    updates: {
      Mutation: {
        updateGame: (result, args, cache) => {
          const payload = result.updateGame as { game?: { id: string; status?: unknown } | null } | null;
          const game = payload?.game?.status === undefined ? null : { __typename: 'Game', id: payload.game.id };
          for (const field of game ? cache.inspectFields(game) : []) {
            if (field.fieldName === 'statusHistory') cache.invalidate(game, field.fieldName, field.arguments ?? undefined);
          }
          if (payload?.game && !held) forgetFields(cache, ['games', 'searchGames', 'libraryStats', 'previewCollection', ...collections]);
          // A tag of one's own is an option of rules.
          if (payload?.game && (args.input as { tags?: unknown }).tags !== undefined) forgetFields(cache, ['collectionFields']);
        },
        choosePicture: (result, _args, cache) => {
          const payload = result.choosePicture as { game?: { id: string } | null } | null;
          const game = payload?.game ? { __typename: 'Game', id: payload.game.id } : null;
          for (const field of game ? cache.inspectFields(game) : []) {
            if (field.fieldName === 'pictureChoices') cache.invalidate(game, field.fieldName, field.arguments ?? undefined);
          }
        },
        addGame: after('libraries', ...lists),
        updateCopy: after('game', 'libraries', ...lists),
        removeCopy: after('game', 'libraries', ...lists),
        importGames: (_result, args, cache) => {
          const { dryRun } = args.input as { dryRun?: boolean };
          if (!dryRun) forgetFields(cache, [...lists, 'libraries', 'statuses', 'collectionFields']);
        },
        linkLibrary: after('libraries'),
        unlinkLibrary: after('libraries', ...lists),
        syncLibrary: after('libraries'),
        retrySync: after('libraries'),
        createCollection: after('collections'),
        updateCollection: after(...collections),
        deleteCollection: after(...collections),
        reorderCollections: after('collections'),
        addToCollection: after(...collections),
        removeFromCollection: after(...collections),
        mergeGames: after('game', ...lists),
        splitGame: after('game', ...lists),
        undoMerge: after('game', ...lists),
        dismissDuplicate: after('duplicateGames'),
        correctGame: after('game', 'games', 'searchGames'),
        forgetLibrary: after('libraries', ...lists),
        updatePreferences: after('myPreferences', 'texts'),
        createStatus: after('statuses', 'collectionFields'),
        deleteStatus: after('statuses', 'collectionFields'),
        renameStatus: after('statuses', 'collectionFields', ...collections, ...lists),
        saveView: after('myViews'),
        deleteView: after('myViews'),
        createProfile: after('me'),
        updateProfile: after('me'),
        createApiKey: after('apiKeys'),
        revokeApiKey: after('apiKeys'),
        endLogin: after('logins'),
        createInvite: after('invites'),
        revokeInvite: after('invites'),
      },
      Subscription: {
        syncProgress: (result, _args, cache) => {
          const progress = result.syncProgress as { final?: boolean } | null;
          if (progress?.final) forgetFields(cache, [...lists, 'game', 'libraries', 'library']);
        },
      },
    },
  });
