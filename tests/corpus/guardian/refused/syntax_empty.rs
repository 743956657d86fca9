// refused: form: no `impl Account` block
