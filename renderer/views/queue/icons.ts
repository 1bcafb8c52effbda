import type { LucideIcon } from '@lucide/svelte';
import ArrowUp from '@lucide/svelte/icons/circle-arrow-up';
import Ban from '@lucide/svelte/icons/ban';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import Clock from '@lucide/svelte/icons/clock';
import FolderSearch from '@lucide/svelte/icons/folder-search';
import Locate from '@lucide/svelte/icons/locate';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RefreshCcw from '@lucide/svelte/icons/refresh-ccw';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import X from '@lucide/svelte/icons/x';
import type { Standing } from '../../../shared/words.ts';
import type { UploadAction } from '../../state/upload-actions.ts';

export const standingIcons: Record<Standing, LucideIcon> = {
  running: ArrowUp,
  waiting: Clock,
  'needs-you': CircleAlert,
  stored: CircleCheck,
  cancelled: Ban,
};

export const actionIcons: Record<UploadAction, LucideIcon> = {
  find: Locate,
  pause: Pause,
  resume: Play,
  'try-now': RotateCw,
  retry: RotateCw,
  'start-over': RefreshCcw,
  reveal: FolderSearch,
  cancel: X,
};
