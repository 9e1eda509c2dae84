export { DistillError, type DistillErrorCode, type DistillErrorOptions } from './distill-error.js';
export type { DistillRemedy, TeacherOption } from './remedy.js';
export { CachedTeacher, type CachedTeacherOptions } from './teacher/cached-teacher.js';
export { type LoadTeacherOptions, loadTeacher } from './teacher/load-teacher.js';
export type {
  SpecialTokens,
  Teacher,
  TeacherEncodeOptions,
  TeacherPassOptions,
  TeacherProgress,
  TokenPooling,
} from './teacher/teacher.js';
