int deep(void);
int near(void);
int near(void) { return deep() + 1; }
