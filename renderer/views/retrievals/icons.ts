import type { LucideIcon } from '@lucide/svelte';
import ArrowDown from '@lucide/svelte/icons/circle-arrow-down';
import Ban from '@lucide/svelte/icons/ban';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import Clock from '@lucide/svelte/icons/clock';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import FolderSearch from '@lucide/svelte/icons/folder-search';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import Replace from '@lucide/svelte/icons/replace';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import X from '@lucide/svelte/icons/x';
import type { RetrievalStanding } from '../../../shared/retrieval-words.ts';
import type { RetrievalAction } from '../../state/retrieval-actions.ts';

export const retrievalIcons: Record<RetrievalStanding, LucideIcon> = {
  running: ArrowDown,
  waiting: Clock,
  'needs-you': CircleAlert,
  retrieved: CircleCheck,
  cancelled: Ban,
};

export const retrievalActionIcons: Record<RetrievalAction, LucideIcon> = {
  'keep-both': CopyPlus,
  replace: Replace,
  retry: RotateCw,
  'try-now': RotateCw,
  relocate: FolderOpen,
  resume: Play,
  pause: Pause,
  reveal: FolderSearch,
  cancel: X,
};
