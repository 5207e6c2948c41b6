import { Kind, parse, type FieldNode, type OperationDefinitionNode } from 'graphql';

/** A question to the hub as it is: what a screen asks, ready to be asked from elsewhere. */
export type Question = { origin: string; document: string; variables: object };

const bodyOf = ({ document, variables }: Question): string => JSON.stringify({ query: document, variables });

/** In single quotes of a POSIX shell, whatever is in it. */
const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** JSON is YAML: a double-quoted scalar needs no other escapes. */
const yaml = (text: string): string => JSON.stringify(text);

export const asCurl = (question: Question): string =>
  [`curl -s ${shell(`${question.origin}/graphql`)} \\`, `  -H 'content-type: application/json' \\`, `  -H "authorization: Bearer $GAME_DJINN_KEY" \\`, `  --data-binary ${shell(bodyOf(question))}`].join('\n');

function shapeOf(document: string): { name: string; root: string; counted: string | null } {
  const operation = parse(document).definitions.find((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION);
  const field = operation?.selectionSet.selections.find((selection): selection is FieldNode => selection.kind === Kind.FIELD && selection.name.value !== '__typename');
  const root = field?.alias?.value ?? field?.name.value ?? 'data';
  const has = (name: string) => field?.selectionSet?.selections.some((selection) => selection.kind === Kind.FIELD && selection.name.value === name) ?? false;
  return { name: operation?.name?.value ?? 'Query', root, counted: has('totalCount') ? `${root}.totalCount` : null };
}

/** A REST sensor: the whole answer goes into attributes, because a state has at most 255 characters. */
export function asHomeAssistant(question: Question): string {
  const { name, root, counted } = shapeOf(question.document);
  const id = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
  return [
    '# configuration.yaml; in secrets.yaml: game_djinn_bearer: "Bearer gd_…"',
    'rest:',
    `  - resource: ${question.origin}/graphql`,
    '    method: POST',
    '    headers:',
    '      Authorization: !secret game_djinn_bearer',
    '      Content-Type: application/json',
    `    payload: ${yaml(bodyOf(question))}`,
    '    scan_interval: 300',
    '    sensor:',
    `      - name: Game Djinn ${id.replaceAll('_', ' ')}`,
    `        unique_id: game_djinn_query_${id}`,
    `        value_template: ${yaml(counted ? `{{ value_json.data.${counted} }}` : `{{ 'ok' if value_json.data.${root} is not none else 'nothing' }}`)}`,
    '        json_attributes_path: "$.data"',
    '        json_attributes:',
    `          - ${root}`,
    '',
  ].join('\n');
}

/** A flow that asks every five minutes. The key comes from the environment, never from the flow. */
export function asNodeRed(question: Question): string {
  const { name } = shapeOf(question.document);
  const id = `game-djinn-${name.toLowerCase()}`;
  const flow = [
    { id: `${id}-every`, type: 'inject', name: 'Every five minutes', props: [], repeat: '300', once: true, onceDelay: 1, x: 150, y: 80, wires: [[`${id}-question`]] },
    {
      id: `${id}-question`,
      type: 'change',
      name,
      rules: [
        { t: 'set', p: 'headers', pt: 'msg', to: '{"content-type": "application/json", "authorization": "Bearer " & $env("GAME_DJINN_KEY")}', tot: 'jsonata' },
        { t: 'set', p: 'payload', pt: 'msg', to: bodyOf(question), tot: 'json' },
      ],
      x: 340,
      y: 80,
      wires: [[`${id}-ask`]],
    },
    { id: `${id}-ask`, type: 'http request', name: 'Game Djinn', method: 'POST', ret: 'obj', paytoqs: 'ignore', url: `${question.origin}/graphql`, x: 510, y: 80, wires: [[`${id}-show`]] },
    { id: `${id}-show`, type: 'debug', name, active: true, tosidebar: true, complete: 'payload', targetType: 'msg', x: 700, y: 80, wires: [] },
  ];
  return `${JSON.stringify(flow, null, 2)}\n`;
}

/** The playground with a question in it. It goes in the address's fragment, which no server sees. */
export const playgroundPath = ({ document, variables }: Question): string => `/playground#${new URLSearchParams({ query: document, variables: JSON.stringify(variables, null, 2) })}`;
