import english from '@/shared/content/english/game.json';
import { learn } from '@/shared/content/texts';

learn(english);

export * from '@/shared/content/texts';
