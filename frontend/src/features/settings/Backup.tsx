import { useQuery } from 'urql';
import { HubDatabaseDocument } from '@/gql/backup';
import { t } from './texts';
import { CopyBox } from '@/shared/ui/CopyBox';

/** The two commands that keep all of the hub; the third brings it back. The hub says which database they are for. */
const commands: Record<string, string> = {
  SQLite: `# The whole hub, while it runs: run it where the hub's data folder is.
sqlite3 data/djinn.db ".backup 'djinn-$(date +%F).db'"
cp data/secret.key "djinn-$(date +%F).key"

# Back again, while the hub is stopped:
# cp djinn-2026-01-31.db data/djinn.db && rm -f data/djinn.db-wal data/djinn.db-shm
# cp djinn-2026-01-31.key data/secret.key`,
  PostgreSQL: `# The whole hub, while it runs:
pg_dump --format=custom --file="djinn-$(date +%F).dump" "$DATABASE_URL"
cp data/secret.key "djinn-$(date +%F).key"

# Back again, while the hub is stopped:
# pg_restore --clean --if-exists --dbname="$DATABASE_URL" djinn-2026-01-31.dump
# cp djinn-2026-01-31.key data/secret.key`,
};

/** How the owner keeps a copy of the whole hub, and what a single export is good for. */
export function Backup() {
  const [{ data }] = useQuery({ query: HubDatabaseDocument });
  const text = commands[data?.libraryWork?.database ?? ''];
  return (
    <section aria-labelledby="backup">
      <h2 id="backup" className="mb-2 text-2xl">
        {t('settings.backup')}
      </h2>
      <p className="mb-4 text-muted text-pretty">{t('settings.backupHelp')}</p>
      {text && <CopyBox label={t('settings.backupCommands', { database: data?.libraryWork?.database })} text={text} file="backup.sh" />}
    </section>
  );
}
