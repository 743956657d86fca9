impl Robot {
    pub fn run(&mut self, commands: &str) -> (i64, i64) {
        for command in commands.chars() {
            match command {
                'F' => match self.facing {
                    'N' => self.y += 1,
                    'E' => self.x += 1,
                    'S' => self.y -= 1,
                    _ => self.x -= 1,
                },
                'R' => {
                    self.facing = match self.facing {
                        'N' => 'E',
                        'E' => 'S',
                        'S' => 'W',
                        _ => 'N',
                    }
                }
                'L' => {
                    self.facing = match self.facing {
                        'N' => 'W',
                        'W' => 'S',
                        'S' => 'E',
                        _ => 'N',
                    }
                }
                _ => {}
            }
        }
        self.mark_changed();
        (self.x, self.y)
    }
}
