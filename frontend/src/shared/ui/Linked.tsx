import { Fragment } from 'react';

/** An address in running text, with or without its scheme: a host, and a path on it. */
const address = /((?:https:\/\/)?(?:[a-z\d-]+\.)+[a-z]{2,}\/[^\s,;:()]*[^\s,;:().])/gi;

/** A text whose addresses can be followed. */
export function Linked({ text }: { text: string }) {
  // Every second part is what was found between the others.
  const parts = text.split(address).map((part, at) =>
    at % 2 === 0 ? (
      <Fragment key={at}>{part}</Fragment>
    ) : (
      <a key={at} href={part.startsWith('https:') ? part : `https://${part}`} target="_blank" rel="noopener noreferrer" className="font-medium text-lamp-text underline underline-offset-2 [overflow-wrap:anywhere]">
        {part}
      </a>
    ),
  );
  return <span data-linked="">{parts}</span>;
}
