#include <stdlib.h>

int sample(const char* text);
int sample(const char* text) { return atoi(text); }
