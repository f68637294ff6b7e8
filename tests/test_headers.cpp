// Carries the precompiled headers of the tests (tests/CMakeLists.txt): a program, since they are compiled as programs
// are.
int main() {}
