import type { FocusEvent } from 'react';

/** Brings what has the focus in a strip into sight whole: a browser leaves it where a hair of it can be seen. */
export const reveal = (event: FocusEvent): void => event.target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
