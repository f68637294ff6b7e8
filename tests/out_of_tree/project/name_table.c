#include "name_table.h"

#include <stdio.h>
#include <string.h>

int name_table_read(name_table* table, const char* path) {
  FILE* file = fopen(path, "r");
  unsigned number = 0;
  char name[32];
  memset(table, 0, sizeof *table);
  if (file == NULL) return 0;
  while (fscanf(file, "%u,%31s\n", &number, name) == 2) {
    if (number < 256) strcpy(table->names[number], name);
  }
  return fclose(file) == 0;
}
