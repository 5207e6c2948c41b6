import { cacheExchange, type Cache, type UpdateResolver } from '@urql/exchange-graphcache';

const embedded = () => null;

/** Forgets every list whose content may have moved; open screens ask again by themselves. */
function forgetFields(cache: Cache, names: string[]): void {
  for (const field of cache.inspectFields('Query')) {
    if (names.includes(field.fieldName)) cache.invalidate('Query', field.fieldName, field.arguments ?? undefined);
  }
}

const lists = ['games', 'searchGames', 'recentlyPlayed', 'libraryStats', 'recommendGames'];
const after =
  (...names: string[]): UpdateResolver =>
  (_result, _args, cache) =>
    forgetFields(cache, names);

/** The normalised cache. Types without a lasting identity are kept inside what holds them. */
export const makeCache = () =>
  cacheExchange({
    keys: {
      AgeRating: embedded,
      ConnectField: embedded,
      Fact: embedded,
      // A facet's id repeats in every search with another count.
      Facet: embedded,
      FamilyView: embedded,
      GameFacets: embedded,
      GameSearch: embedded,
      ImportPayload: embedded,
      ImportRow: embedded,
      LibraryStats: embedded,
      PageInfo: embedded,
      PlatformLimit: embedded,
      PlatformLibraryConnection: embedded,
      ApiKeyConnection: embedded,
      LoginConnection: embedded,
      SyncRunConnection: embedded,
      RankConnection: embedded,
      Problem: embedded,
      Rank: embedded,
      Reason: embedded,
      Recommendation: embedded,
      SetupState: embedded,
      StoreLink: embedded,
      SyncError: embedded,
      SyncProgress: embedded,
      Tokens: embedded,
    },
    updates: {
      Mutation: {
        updateGame: (result, _args, cache) => {
          const payload = result.updateGame as { game?: unknown } | null;
          if (payload?.game) forgetFields(cache, ['games', 'searchGames', 'libraryStats']);
        },
        importGames: (_result, args, cache) => {
          const { dryRun } = args.input as { dryRun?: boolean };
          if (!dryRun) forgetFields(cache, [...lists, 'libraries']);
        },
        linkLibrary: after('libraries'),
        unlinkLibrary: after('libraries', ...lists),
        syncLibrary: after('libraries'),
        retrySync: after('libraries'),
        createProfile: after('me'),
        updateProfile: after('me'),
        createApiKey: after('apiKeys'),
        revokeApiKey: after('apiKeys'),
        endLogin: after('logins'),
      },
      Subscription: {
        syncProgress: (result, _args, cache) => {
          const progress = result.syncProgress as { final?: boolean } | null;
          if (progress?.final) forgetFields(cache, [...lists, 'libraries', 'library']);
        },
      },
    },
  });
