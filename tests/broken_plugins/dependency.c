/* A library that a plugin is linked to: one that is not there when the plugin is loaded, or one beside it. */
#if !defined(RETURNS)
#define RETURNS 1
#endif
int fg_test_missing(void);
int fg_test_missing(void) { return RETURNS; }
