import '../viewer/viewer.ts';
