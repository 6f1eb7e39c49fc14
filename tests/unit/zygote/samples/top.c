int near(void);
int top(void);
int top(void) { return near() + 1; }
