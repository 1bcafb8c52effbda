import type { LucideIcon } from '@lucide/svelte';
import Ban from '@lucide/svelte/icons/ban';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleMinus from '@lucide/svelte/icons/circle-minus';
import Clock from '@lucide/svelte/icons/clock';
import Eraser from '@lucide/svelte/icons/eraser';
import ListPlus from '@lucide/svelte/icons/list-plus';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import X from '@lucide/svelte/icons/x';
import type { ChoreStanding } from '../../../shared/chore-words.ts';
import type { ChoreAction } from '../../state/chore-actions.ts';

export const choreIcons: Record<ChoreStanding, LucideIcon> = {
  running: CircleMinus,
  waiting: Clock,
  'needs-you': CircleAlert,
  done: CircleCheck,
  cancelled: Ban,
};

export const choreActionIcons: Record<ChoreAction, LucideIcon> = {
  widen: ListPlus,
  retry: RotateCw,
  'try-now': RotateCw,
  resume: Play,
  pause: Pause,
  cancel: X,
  clear: Eraser,
};
