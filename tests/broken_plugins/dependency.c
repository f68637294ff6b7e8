/* A library that a broken plugin is linked to and that is not there when it is loaded. */
int fg_test_missing(void);
int fg_test_missing(void) { return 1; }
