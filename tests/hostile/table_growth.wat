;; Grows a table to {N} elements.
(table $t 1 funcref)
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (table.grow $t (ref.null func) (i32.sub (i32.const {N}) (i32.const 1)))) (i32.const 128))
