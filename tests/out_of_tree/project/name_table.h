/* A library that the plugin protocol_names brings: names by number, from a file of lines "NUMBER,NAME". */
#ifndef NAME_TABLE_H
#define NAME_TABLE_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct name_table {
  char names[256][32]; /* empty where the file has none */
} name_table;

/* 0: the file cannot be read. */
__attribute__((visibility("default"))) int name_table_read(name_table* table, const char* path);

#ifdef __cplusplus
}
#endif
#endif
